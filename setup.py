"""Where the folders of the repository go in the wheel. All else stands in `pyproject.toml`, which cannot say this."""

from setuptools import find_packages, setup

FOLDERS = {
    "vestka": "infra/wheel",
    "vestka.services": "services",
    "vestka.templates": "templates",
    "vestka.infra": "infra",
}

setup(
    package_dir=FOLDERS,
    packages=[*FOLDERS, *(f"vestka.services.{name}" for name in find_packages("services"))],
    package_data={
        "vestka.services": ["**/*.yaml", "**/*.json", "**/*.txt", "**/*.html", "**/*.css", "**/*.js"],
        "vestka.templates": ["**/*.j2", "**/*.yaml", "**/*.css"],
        "vestka.infra": [
            "*.yaml",
            "settings.env",
            "what-is-kept.md",
            "Caddyfile",
            "nginx.conf",
            "schemas/**/*.json",
            "schemas/*.md",
        ],
    },
    include_package_data=False,
)
