"""The command line: start-up, data in and out, administration. Nothing heavy is imported at module level."""
