"""Attacks on evaluation: what an impatient, careless or cunning person might try."""
