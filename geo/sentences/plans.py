"""Sentences about plans, from their making to their publication, in the order they come up."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error, warning

SENTENCES: dict[str, Sentence] = {
    # making one and finding it again
    "plan_scope_unknown": error(
        "没有编码为 {scope} 的县、乡镇或村。",
        "There is no county, township or village {scope}.",
        "填写 6、9 或 12 位区划代码，并先导入该区划。",
        "Give a division code of 6, 9 or 12 digits, and import that division first.",
    ),
    "plan_network_unknown": error(
        "没有名为 {network} 的网络。",
        "There is no network {network}.",
        "可用的网络：{known}",
        "Networks there are: {known}",
    ),
    "plan_ambiguous": error(
        "“{name}”符合不止一个方案：{plans}。",
        "“{name}” fits more than one plan: {plans}.",
        "写出方案编号，或编号开头更多的几位。",
        "Give the plan's id, or more of its beginning.",
    ),
    "text_length": error(
        "{field_zh}应有 1 至 {limit} 个字，现有 {length} 个。",
        "{field} must have 1 to {limit} characters; this has {length}.",
        "写短一些，或补上内容。",
        "Shorten it, or say something.",
    ),
    "text_unreadable": error(
        "{field_zh}含有无法保存的字符。",
        "{field} holds characters that cannot be stored.",
        "删除控制字符后重试。",
        "Remove the control characters.",
    ),
    "personal_text": error(
        "{field_zh}含有电话或身份证号，不予保存。",
        "{field} holds a phone or citizen number and was not stored.",
        "删去号码；个人信息不进入本系统。",
        "Take the number out: personal data is not kept here.",
    ),
    "comment_outside_scope": error(
        "评论的位置 ({x}, {y}) 远在方案范围 {scope} 之外。",
        "The comment's place ({x}, {y}) is far from the plan's scope {scope}.",
        "在方案范围之内或近旁选一处。",
        "Choose a place inside the scope, or beside it.",
    ),
    # writing to it
    "if_match_missing": error(
        "没有说明修改所依据的方案版本。",
        "The request does not say which revision of the plan it was made for.",
        "在请求头 If-Match 中写上读到的 revision。",
        "Send the revision you have read in the header If-Match.",
    ),
    "plan_changed": error(
        "方案已被改动：现在是第 {revision} 版，您看到的是第 {seen} 版。",
        "The plan has changed: it is at revision {revision}, you have seen {seen}.",
        "重新读取方案，看过别人的修改后再试。",
        "Read the plan again, look at what others did, and repeat the edit.",
    ),
    "plan_not_draft": error(
        "方案{state_zh}，不能修改。",
        "The plan is {state}; only a draft can be edited.",
        "已提交或已撤回的方案可以退回草案；已发布的方案可以复制。",
        "Reopen a submitted or withdrawn plan; copy a published one.",
    ),
    "plan_wrong_state": error(
        "方案{state_zh}，不能{action_zh}。",
        "The plan is {state}: {action} is not possible.",
        "先把方案变为允许的状态：{allowed_zh}。",
        "Possible for a plan that is {allowed}.",
    ),
    "nothing_to_undo": error(
        "没有可以撤销的修改。",
        "There is no edit to undo.",
        "方案与现行网格相同。",
        "The plan is as it began.",
    ),
    "nothing_to_redo": error(
        "没有可以重做的修改。",
        "There is no edit to redo.",
        "撤销之后又作了新的修改时，被撤销的不能再重做。",
        "What was undone cannot be redone after a new edit.",
    ),
    "outside_plan_scope": error(
        "{units} 不在方案范围 {scope} 之内。",
        "{units} lies outside the plan's scope {scope}.",
        "只改范围内的网格，或另建一个范围更大的方案。",
        "Edit grids inside the scope, or make a plan with a larger one.",
    ),
    "too_many_grids_asked": error(
        "范围内的网格超过 {limit} 个。",
        "There are more than {limit} grids in this box.",
        "放大地图，或只要一个村的网格。",
        "Zoom in, or ask for one village.",
    ),
    # its numbers
    "grid_below_minimum": warning(
        "网格 {code} 有 {households} 户，少于规定的 {minimum} 户。",
        "Grid {code} has {households} {households:household/households}, fewer than the least "
        "of {minimum}.",
        "与相邻网格合并或划入一部分；确需保留时，发布时写明理由。",
        "Merge it or add land from a neighbour; to keep it, give the reason when publishing.",
    ),
    "grid_above_maximum": warning(
        "网格 {code} 有 {households} 户，多于规定的 {maximum} 户。",
        "Grid {code} has {households} {households:household/households}, more than the most of "
        "{maximum}.",
        "拆分或划出一部分；确需保留时，发布时写明理由。",
        "Split it or give land away; to keep it, give the reason when publishing.",
    ),
    "grid_empty": warning(
        "网格 {code} 内没有住户。",
        "Grid {code} has no household.",
        "并入相邻网格；确需保留时（例如专属网格），发布时写明理由。",
        "Merge it into a neighbour; to keep it (a dedicated grid, say), give the reason when "
        "publishing.",
    ),
    "household_in_no_grid": error(
        "村 {village} 有 {households} 户不在任何网格内。",
        "Village {village} has {households} {households:household/households} in no grid.",
        "把他们所在的地划给相邻网格。",
        "Give the land they stand on to a neighbouring grid.",
    ),
    "code_taken": error(
        "网格编码 {code} 已被其他村的网格使用。",
        "Code {code} is used by a grid of another village.",
        "给方案中的网格重新编号。",
        "Renumber the grid of the plan.",
    ),
    # publishing it
    "plan_empty": error(
        "方案与现行网格没有区别，无可发布。",
        "The plan changes nothing, so there is nothing to publish.",
        "先作修改。",
        "Edit it first.",
    ),
    "plan_has_problems": error(
        "方案有 {count} 个错误，不能发布。",
        "The plan has {count} errors and cannot be published.",
        "逐个处理问题清单中的错误。",
        "Go through the list of problems and mend each error.",
    ),
    "profile_not_acknowledged": error(
        "{count} 个网格的户数不合规定，发布需要写明理由。",
        "{count} {count:grid is/grids are} not of the size the rules ask for; publishing them "
        "needs a note.",
        "修改这些网格，或在 note 中写明保留的理由。",
        "Change these grids, or say in the note why they stay.",
    ),
    "plan_conflict": error(
        "另有方案或导入已改动 {villages} 的现行网格或联村：{codes}。",
        "What is in force in {villages} has changed since this plan touched it: {codes}.",
        "先变基：在现行网格上重放本方案的修改。",
        "Rebase the plan: its edits are replayed on the lines in force.",
    ),
    "rebase_conflict": error(
        "{count} 个修改无法在现行网格上重放，方案没有改变。",
        "{count} {count:edit/edits} cannot be replayed on the lines in force; the plan is as "
        "it was.",
        "逐个查看后修改，或选择放弃这些修改（drop）。",
        "Look at each; to go on without them, rebase with drop.",
    ),
    # as a file
    "plan_file_invalid": error(
        "不是可以读入的方案文件：{reason_zh}。",
        "This is not a plan file that can be read: {reason}.",
        "使用“导出方案”得到的文件，不要手工改动。",
        "Use a file written by the export of a plan, unchanged.",
    ),
    "plan_file_conflict": error(
        "{count} 个修改无法在现行网格上重放，什么也没有保存。",
        "{count} {count:edit/edits} of the file cannot be replayed on the lines in force; "
        "nothing was stored.",
        "逐个查看后处理，或选择放弃这些修改（drop）。",
        "Look at each; to go on without them, import with drop.",
    ),
    "plan_file_differs": warning(
        "村 {village} 重放后的网格与文件中的不同：{codes}。",
        "Village {village}: after the replay these grids differ from the file: {codes}.",
        "现行网格在导出之后有过改动；请核对方案。",
        "The lines in force have changed since the file was written: check the plan.",
    ),
}
