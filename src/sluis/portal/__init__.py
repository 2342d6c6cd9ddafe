"""The officers' review workspace: server-rendered pages over the flows, without a script. `app.build` makes it."""
