"""People of a school: adding and changing them, leaving and returning, and what each role may do.

Uses account, invitations, access and the directory. It must never show what a person does at another
school, and must never let one school take over an account that another one uses.
"""
