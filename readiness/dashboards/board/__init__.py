"""The board dashboard: one screen of answers about one programme, or about all of a reader's, then the detail."""

from readiness.dashboards.board.assembled import SHOWN, Board, board_of
from readiness.dashboards.board.chart import headline_chart
from readiness.dashboards.board.scope import Scope, scope_of
from readiness.dashboards.board.summary import Sentence, sentences
from readiness.dashboards.board.tables import tables_of

__all__ = ["SHOWN", "Board", "Scope", "Sentence", "board_of", "headline_chart", "scope_of", "sentences", "tables_of"]
