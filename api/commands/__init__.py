"""The verbs of ``wangge``. Heavy imports wait inside the commands: ``--help`` answers at once."""
