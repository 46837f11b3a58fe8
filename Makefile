# Two commands: `make run` and `make test`. Everything they need they install themselves.
PYTHON ?= python3
# Empty, it would go before the file .env.
ifdef PORT
export PORT
else
unexport PORT
endif

.PHONY: run administrator test full torture bench assets messages lock

run: ## Serve on http://localhost:8000 with demo content (PORT=8001 changes the port)
	@$(PYTHON) scripts/bootstrap.py requirements.txt
	@exec .venv/bin/python scripts/serve.py

administrator: ## Make an account for the first administrator: EMAIL=… NAME=…
	@DJANGO_SETTINGS_MODULE=config.settings.local \
		.venv/bin/python manage.py create_administrator "$(EMAIL)" "$(NAME)"

test: ## Every check, on SQLite and on PostgreSQL
	@$(PYTHON) scripts/bootstrap.py requirements-dev.txt
	@.venv/bin/python scripts/check.py

full: ## `make test` at full size, the suite on Wagtail 8, and the bench with its targets
	@$(PYTHON) scripts/bootstrap.py requirements-dev.txt
	@.venv/bin/python scripts/check.py --full

torture: ## Two mentors, two devices, 3,000 sessions, 200 kills of each (two hours)
	@$(PYTHON) scripts/bootstrap.py requirements-dev.txt
	@.venv/bin/python scripts/torture.py

bench: ## Compare costs side by side (a table of ratios)
	@$(PYTHON) scripts/bootstrap.py requirements-dev.txt
	@.venv/bin/python -m bench

assets: ## Build the front end (needs Node)
	@.venv/bin/python scripts/assets.py build

messages: ## Bring the translation catalogues in line with the code
	@.venv/bin/python scripts/catalogue.py update

lock: ## Lock the packages again after changing a requirements*.in
	@.venv/bin/python scripts/lock.py
