"""The rules about numbers: values in, values or bytes out.

Nothing here knows Frappe, a database, the network or the clock, and the only files read are the
package's own data and templates. The desk and the command line both call this package, so a figure
has one formula.
"""
