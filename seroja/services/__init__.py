"""The shell around core: read documents → core values → write documents; one use per file."""
