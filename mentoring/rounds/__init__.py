"""The pages of rounds: what is needed, what is brought, files in and out, and readiness."""
