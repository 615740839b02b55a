"""`python -m vraagbaak`: the same as the command `vraagbaak`."""

from vraagbaak.main import app

if __name__ == "__main__":
    app(prog_name="vraagbaak")
