"""The one vocabulary of problems: key, severity, and a sentence in zh and en.

The API's errors, an import's report, the map's tooltips and the docs all speak it.
Sentences are ``str.format`` templates over :attr:`Problem.details`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from shapely.geometry.base import BaseGeometry

Language = Literal["zh", "en"]
Severity = Literal["error", "warning"]


class Sentence(NamedTuple):
    """What a key means: ``error`` refuses, ``warning`` flags."""

    severity: Severity
    zh: str
    en: str


@dataclass(frozen=True)
class Problem:
    """One reason why something is refused or flagged.

    Parameters
    ----------
    key
        A key of :data:`VOCABULARY`.
    details
        Values for the sentence, also handed to machines.
    row
        1-based number of the data row in the file it came from, if any.
    field
        Column the problem is about, if any.
    grids
        Codes of the grids (or other units) concerned.
    geometry
        The place to highlight, in the CRS of the frame that was checked.
    """

    key: str
    details: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None
    field: str | None = None
    grids: tuple[str, ...] = ()
    geometry: BaseGeometry | None = None

    def __post_init__(self) -> None:
        if self.key not in VOCABULARY:
            raise KeyError(f"no such problem key: {self.key}")

    @property
    def severity(self) -> Severity:
        """``error`` or ``warning``."""
        return VOCABULARY[self.key].severity

    def sentence(self, language: Language) -> str:
        """Return the sentence for people.

        Examples
        --------
        >>> Problem("duplicate_code", {"code": "500229001001001"}).sentence("en")
        'Code 500229001001001 is used more than once.'
        """
        template: str = getattr(VOCABULARY[self.key], language)
        return template.format_map(_Missing(self.details))


class _Missing(dict[str, Any]):
    """A value nobody gave shows as a dash, never as a crash while reporting an error."""

    def __missing__(self, key: str) -> str:
        return "—"


def _error(zh: str, en: str) -> Sentence:
    return Sentence("error", zh, en)


def _warning(zh: str, en: str) -> Sentence:
    return Sentence("warning", zh, en)


# Kept in groups; within a group in the order a file is read. Every key stands in docs/problems.md.
VOCABULARY: dict[str, Sentence] = {
    # --- files and rows -------------------------------------------------------------------
    "duplicate_code": _error("编码 {code} 重复。", "Code {code} is used more than once."),
    # --- maps -------------------------------------------------------------------------------
    "web_map_not_built": _error(
        "网页地图尚未构建：请运行 ./run demo（需要 Node.js 与网络各一次）。",
        "The web map has not been built: run ./run demo (it needs Node.js and the network once).",
    ),
    # --- asking the service ---------------------------------------------------------------
    "invalid_parameter": _error(
        "参数 {parameter} 无效：{reason}。", "Parameter {parameter} is not valid: {reason}."
    ),
    "unknown_parameter": _error(
        "没有名为 {parameter} 的参数。", "There is no parameter {parameter}."
    ),
    "invalid_body": _error(
        "请求内容无效({place})：{reason}。", "The request is not valid ({place}): {reason}."
    ),
    "invalid_point": _error(
        "第 {index} 个点无效：{reason}。", "Point {index} (counted from 0) is not valid: {reason}."
    ),
    "too_many_points": _error(
        "一次最多查询 {limit} 个点。", "At most {limit} points can be asked for at once."
    ),
    "not_found": _error("没有找到 {what} {id}。", "There is no {what} {id}."),
    "no_such_address": _error("没有这个网址：{path}。", "There is nothing at {path}."),
    "method_not_allowed": _error("{path} 不支持 {method}。", "{method} is not possible at {path}."),
    "unsupported_media_type": _error(
        "不支持这种内容：{content_type}。", "Content of this kind is not supported: {content_type}."
    ),
    "too_large": _error(
        "内容过大，上限为 {limit_mb} MB。", "This is too large; the limit is {limit_mb} MB."
    ),
    "foreign_host": _error(
        "只接受发往本机的请求，不接受 {host}。",
        "Only requests to this machine are answered, not to {host}.",
    ),
    "foreign_origin": _error(
        "不接受来自其他网站的请求：{origin}。", "Requests from another site are refused: {origin}."
    ),
    "forbidden_scope": _error(
        "您无权查看 {scope} 的数据。", "You may not see the data of {scope}."
    ),
    "database_unavailable": _error(
        "数据库暂时不可用，请稍后再试。", "The database cannot be reached; try again in a moment."
    ),
    "disk_full": _error("磁盘已满，没有保存任何内容。", "The disk is full; nothing was stored."),
    "busy": _error("请求太多，请稍后再试。", "Too much is going on; try again in a moment."),
    "internal_error": _error(
        "服务内部出错，已记入日志。", "Something went wrong inside the service; it is in the log."
    ),
    "port_taken": _error(
        "端口 {port} 已被占用，请用 --port 换一个。",
        "Port {port} is taken; choose another with --port.",
    ),
    "not_loopback": _error(
        "目前没有登录功能，只能在本机地址上提供服务，不能用 {host}。",
        "There is no login yet, so only this machine can be served, not {host}.",
    ),
    "invalid_setting": _error(
        "设置 {setting} 无效：{reason}。", "Setting {setting} is not valid: {reason}."
    ),
    "import_closed": _error(
        "这次导入已{state}，不能再提交。",
        "This import is already {state} and cannot be committed.",
    ),
    "import_has_errors": _error(
        "有 {count} 行有错误；请修改后重新上传，或选择跳过这些行。",
        "{count} rows have errors; correct and upload again, or choose to skip these rows.",
    ),
    "import_empty": _error("没有可以导入的行。", "There is no row that can be imported."),
    "import_rows_gone": _error(
        "待导入的数据已不在，请重新上传。", "The waiting rows are gone; upload the file again."
    ),
    "layer_empty": _error(
        "图层 {layer} 里还没有数据，请先导入。", "Layer {layer} is empty; import it first."
    ),
    "run_not_done": _error(
        "这次分析还没有结果(状态：{state})。", "This run has no result yet (state: {state})."
    ),
    "import_declined": _error("已取消，没有导入。", "Not imported, as you asked."),
}
