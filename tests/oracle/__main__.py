"""`python -m tests.oracle`: remake the golden files, every `make_*.py` beside this one."""

from importlib import import_module
from pathlib import Path

for maker in sorted(Path(__file__).parent.glob("make_*.py")):
    import_module(f".{maker.stem}", __package__).main()
