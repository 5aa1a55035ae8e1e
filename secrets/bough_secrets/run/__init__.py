"""`bough-run -- COMMAND`: what `bough_secrets` does, for a program in any language.

It logs in, writes what the program needs into files on a memory file system, starts the program,
and after every change rewrites the files and tells or restarts it.
"""
