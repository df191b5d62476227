"""``@auth`` of version 1 at run time: checks for user pools and OpenID Connect; other modes are let in or kept out
by AppSync's own directives alone.
"""
