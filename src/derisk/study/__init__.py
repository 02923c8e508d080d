"""Study: the straight line from a scenario to a folder of tables, and the way back."""

from derisk.study.attribution import describe_solves
from derisk.study.readiness import ready_dataset
from derisk.study.run import run_study
from derisk.study.study import Study, draws_converged

__all__ = ["Study", "describe_solves", "draws_converged", "ready_dataset", "run_study"]
