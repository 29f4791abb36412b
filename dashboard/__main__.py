"""Start the server as `collate dashboard` does, with the caller's folder as the working folder.

Takes the flags of `streamlit run`; a flag wins over every settings file.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

gc.disable()  # until all is imported that stays (`preparing.py`)

from streamlit.web import cli  # noqa: E402 -- after the line above

from dashboard.server_settings import flags, overruled  # noqa: E402


def main() -> None:
    """Run the server in this process, and exit with it."""
    app = Path(__file__).with_name("app.py")
    cli.main(["run", str(app), *flags(overruled()), *sys.argv[1:]], prog_name="streamlit")


if __name__ == "__main__":
    main()
