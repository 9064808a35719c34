"""Sentences about edits of a plan: why one cannot be read, or would do harm."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error

SENTENCES: dict[str, Sentence] = {
    # reading
    "invalid_edit": error(
        "编辑内容无效（{place}）：{reason_zh}。",
        "The edit is not valid ({place}): {reason}.",
        "对照编辑的写法说明修改。",
        "Compare it with the description of the edits.",
    ),
    "coordinates_in_metres": error(
        "坐标 ({x}, {y}) 像是以米为单位，这里需要经度、纬度。",
        "The coordinates ({x}, {y}) look like metres; longitude and latitude are needed.",
        "先转换为 CGCS2000 经纬度（EPSG:4490）。",
        "Convert them to CGCS2000 longitude and latitude (EPSG:4490).",
    ),
    "coordinates_swapped": error(
        "坐标 ({x}, {y}) 的经度和纬度似乎颠倒了。",
        "Longitude and latitude of ({x}, {y}) seem to be swapped.",
        "按“经度, 纬度”的顺序给出坐标。",
        "Give longitude first, then latitude.",
    ),
    "too_many_vertices": error(
        "所画图形有 {count:,} 个节点，最多 {limit:,} 个。",
        "The drawing has {count:,} vertices; at most {limit:,} are possible.",
        "简化图形，或分几次编辑。",
        "Simplify it, or edit in several steps.",
    ),
    "drawing_invalid": error(
        "所画的面无效：{reason_zh}。",
        "The drawn area is not valid: {reason}.",
        "在标出的位置修改，使边界不与自己相交。",
        "Redraw it at the marked place so that its outline does not cross itself.",
    ),
    "drawing_tangled": error(
        "所画的线与自己或与边界交叉太多次（{count:,}，上限 {limit:,}）。",
        "The drawn line crosses itself or the borders too often ({count:,}; at most {limit:,}).",
        "画一条简单的线，或分几次编辑。",
        "Draw a plain line, or edit in several steps.",
    ),
    # what it is about
    "grid_not_found": error(
        "没有网格 {code}。",
        "There is no grid {code}.",
        "核对编码；它可能已被合并或重新编号。",
        "Check the code: the grid may have been merged or numbered anew.",
    ),
    "village_not_found": error(
        "没有村 {village}。", "There is no village {village}.", "核对村编码。", "Check the code."
    ),
    "natural_village_not_found": error(
        "网格所在的村里没有自然村 {code}。",
        "There is no natural village {code} in the village of the grid.",
        "核对编码；网格只能接收本村的自然村。",
        "Check the code: a grid takes natural villages of its own village only.",
    ),
    "grid_locked": error(
        "网格 {grids} 已锁定，不能改动。",
        "Grid {grids} is locked and cannot be changed.",
        "先解锁，或避开它。",
        "Unlock it first, or leave it out.",
    ),
    "village_locked": error(
        "{village} 已锁定，其中的网格不能改动。",
        "{village} is locked: its grids cannot be changed.",
        "先解锁该村。",
        "Unlock the village first.",
    ),
    "grid_has_children": error(
        "网格 {code} 由 {count} 个小网格组成，不能直接改动它的边界。",
        "Grid {code} is made of {count} smaller grids, so its own outline cannot be changed.",
        "改动其中的小网格，或先取消它们与它的隶属关系。",
        "Edit the smaller grids, or take them out of it first.",
    ),
    "different_villages": error(
        "网格 {grids} 不在同一个村；网格不能跨村。",
        "Grids {grids} are not in one village: a grid never leaves its village.",
        "只选择同一个村的网格。",
        "Choose grids of one village.",
    ),
    # lines and areas that do nothing
    "edit_misses": error(
        "所画的位置不在任何村的网格上。",
        "What was drawn lies on no grid of any village.",
        "放大地图，画在要修改的网格上。",
        "Zoom in and draw on the grids that are to change.",
    ),
    "line_misses": error(
        "线没有经过网格 {grids}。",
        "The line does not pass through grid {grids}.",
        "画一条从一侧边界到另一侧边界穿过网格的线。",
        "Draw it from one side of the grid to the other.",
    ),
    "line_does_not_cross": error(
        "线没有把网格 {grids} 分开：它没有穿到另一侧边界。",
        "The line does not divide grid {grids}: it does not reach the other side.",
        "把线画到边界之外。",
        "Draw it beyond the outline on both ends.",
    ),
    "line_along_border": error(
        "线沿着网格 {grids} 的边界走，没有改变任何东西。",
        "The line runs along the border of grid {grids} and changes nothing.",
        "把线画到网格内部。",
        "Draw it through the inside.",
    ),
    "line_misses_border": error(
        "线没有在网格 {grids} 的公共边上开始和结束。",
        "The line does not start and end on the border between grids {grids}.",
        "从公共边画出，再回到公共边；或从一侧外边界画到另一侧。",
        "Draw from their border and back to it, or from outline to outline across both.",
    ),
    "area_misses": error(
        "所画的面没有碰到可以划给 {code} 的土地。",
        "The drawn area holds no land that could go to {code}.",
        "画在相邻网格上；跨村的部分不算。",
        "Draw it over neighbouring grids; land of another village does not count.",
    ),
    "no_change": error(
        "这次编辑不会改变任何东西。",
        "This edit would change nothing.",
        "不需要这一步。",
        "Leave it out.",
    ),
    "vertex_not_found": error(
        "({x:.6f}, {y:.6f}) 处没有边界节点。",
        "There is no node of a border at ({x:.6f}, {y:.6f}).",
        "点在已有的节点上。",
        "Take hold of an existing node.",
    ),
    "vertex_on_outline": error(
        "这个节点在村界上；村界不能移动。",
        "This node lies on the outline of the village, which does not move.",
        "边界的端点只能沿村界滑动；要换位置请重画边界。",
        "The end of a border slides along the outline only; reshape the border instead.",
    ),
    "no_gap_here": error(
        "这里没有空白。", "There is no gap here.", "点在空白之内。", "Point inside the gap."
    ),
    "gap_without_neighbour": error(
        "这块空白不与任何网格相邻。",
        "This gap touches no grid.",
        "指明由哪个网格接收（to）。",
        "Name the grid that is to take it (to).",
    ),
    "no_overlap": error(
        "网格 {grids} 没有重叠。",
        "Grids {grids} do not overlap.",
        "不需要这一步。",
        "Leave it out.",
    ),
    "nothing_outside": error(
        "网格 {code} 没有超出村界。",
        "Grid {code} has nothing outside its village.",
        "不需要这一步。",
        "Leave it out.",
    ),
    "outline_unknown": error(
        "{village} 没有边界数据。",
        "The outline of {village} is not known.",
        "先导入该村的边界。",
        "Import the outline of the village first.",
    ),
    # harm
    "not_adjacent": error(
        "{grids} 不相邻：只在一点相接或不相接。",
        "{grids} are not adjacent: they share no border, at most a corner.",
        "选择有公共边的网格或土地。",
        "Choose grids or land with a common border.",
    ),
    "would_empty": error(
        "网格 {code} 会失去全部土地。",
        "Grid {code} would lose all its land.",
        "如果不再需要它，请改用合并。",
        "If it is no longer needed, merge it instead.",
    ),
    "would_disconnect": error(
        "网格 {code} 会断成 {parts} 块。",
        "Grid {code} would fall into {parts} separate pieces.",
        "让断开的小块一并划走，或换一条线。",
        "Let the cut-off pieces go along, or draw another line.",
    ),
    "would_touch_itself": error(
        "网格 {code} 的边界会在一点与自己相接。",
        "The outline of grid {code} would touch itself at a point.",
        "在标出的位置离边界远一点，或把线画过去。",
        "Keep away from the border at the marked place, or draw across it.",
    ),
    "would_leave_sliver": error(
        "网格 {code} 会留下宽度不足 {width_m} 米的狭条。",
        "A sliver of grid {code}, narrower than {width_m} m, would be left.",
        "沿边界画线，或让狭条一并划走。",
        "Draw along the border, or let slivers go along.",
    ),
    "would_leave_village": error(
        "网格 {grids} 会超出所属的村 {area_m2:,.2f} 平方米。",
        "Grid {grids} would reach {area_m2:,.2f} m² outside its village.",
        "不要移动村界；网格不能跨村。",
        "Do not move the outline of the village: a grid never leaves it.",
    ),
    "would_leave_gap": error(
        "{area_m2:,.2f} 平方米土地会不属于任何网格（{grids}）。",
        "{area_m2:,.2f} m² of land would be in no grid ({grids}).",
        "换一种画法，使土地仍归某个网格。",
        "Draw it so that the land stays in a grid.",
    ),
    "would_overlap": error(
        "网格 {grids} 会互相重叠或边界不一致。",
        "Grids {grids} would overlap, or their borders would no longer match.",
        "换一个位置，不要越过相邻的边界。",
        "Choose another place, not beyond a neighbouring border.",
    ),
    "borders_unmatched": error(
        "这里的网格边界相差太多，无法计算。",
        "The borders of the grids here are too far from matching to be computed with.",
        "先对该村执行 match_borders，再处理问题清单中的空白和重叠。",
        "Run match_borders on the village first, then mend the gaps and overlaps it lists.",
    ),
    "would_break_shape": error(
        "网格 {grids} 的图形会无效：{reason_zh}。",
        "The shape of grid {grids} would be invalid: {reason}.",
        "在标出的位置离已有的边界远一点。",
        "Keep farther from the existing borders at the marked place.",
    ),
}
