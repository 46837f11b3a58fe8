import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a reviewer write the table anew."""
    parser.addoption(
        "--write-access-matrix", action="store_true", help="write tests/access/access_matrix.txt"
    )
