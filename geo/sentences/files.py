"""Sentences about files, rows and imports, in the order in which they come up."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error, warning

SENTENCES: dict[str, Sentence] = {
    # files and rows
    "duplicate_code": error(
        "编码 {code} 重复。",
        "Code {code} is used more than once.",
        "给其中一个换上新编码，或删除重复的行。",
        "Give one of them a new code, or delete the repeated row.",
    ),
    "file_missing": error("找不到文件 {file}。", "There is no file {file}."),
    "file_empty": error("文件 {file} 是空的。", "The file {file} is empty."),
    "file_too_large": error(
        "文件 {file} 有 {size_mb} MB，超过上限 {limit_mb} MB。",
        "The file {file} has {size_mb} MB; the limit is {limit_mb} MB.",
    ),
    "too_many_rows": error(
        "{file} 超过 {limit} 行的上限，请分成几个文件。",
        "{file} has more than {limit} rows, the limit; divide it.",
    ),
    "too_many_columns": error(
        "{file} 有 {columns} 列，超过上限 {limit} 列。",
        "{file} has {columns} columns; the limit is {limit}.",
    ),
    "not_a_layer_file": error(
        "{file} 不是可以导入的图层文件，而是{found_zh}。",
        "{file} is not a layer file that can be read; it is {found_en}.",
    ),
    "file_unreadable": error(
        "读不出文件 {file}：{reason}。", "The file {file} cannot be read: {reason}."
    ),
    "not_geojson": error(
        "{file} 是 JSON，但不是 GeoJSON（内容是 {found}）。",
        "{file} is JSON but not GeoJSON (it holds {found}).",
    ),
    "truncated_json": error(
        "{file} 不完整，在第 {byte} 字节处中断。",
        "{file} is incomplete: it breaks off at byte {byte}.",
    ),
    "broken_json": error(
        "{file} 在第 {byte} 字节处不是合法的 JSON。", "{file} is not valid JSON at byte {byte}."
    ),
    "several_layers": error(
        "{file} 里有多个图层，请指定其中一个：{layers}。",
        "{file} holds several layers; name one of them: {layers}.",
    ),
    "layer_not_in_file": error(
        "{file} 里没有图层 {layer}，只有：{layers}。",
        "{file} has no layer {layer}; it has: {layers}.",
    ),
    "layer_unknown": error(
        "没有名为 {layer} 的图层，可用的是：{layers}。",
        "There is no layer {layer}; there are: {layers}.",
    ),
    "encoding_unknown": error(
        "无法判断 {file} 的文字编码，请指定（例如 GB18030）。",
        "The text encoding of {file} cannot be told; name it (for example GB18030).",
    ),
    "encoding_wrong": error(
        "{file} 的文字不能按 {encoding} 解读。", "The text of {file} cannot be read as {encoding}."
    ),
    "encoding_contradicts_label": warning(
        "{file} 标明的编码是 {label}，实际是 {encoding}，已按实际编码读取。",
        "{file} is labelled {label} but its text is {encoding}; it was read as the latter.",
    ),
    "text_garbled": warning(
        "{file} 的文字像是乱码（曾按错误的编码打开并另存），请核对。",
        "The text of {file} looks garbled (saved after it was opened in a wrong encoding).",
        "从原来的系统重新导出。",
        "Export it again from where it came from.",
    ),
    "no_rows": error("{file} 里没有数据行。", "{file} has no data rows."),
    "header_missing": error(
        "{file} 的第一行像是数据，不是列名。",
        "The first line of {file} seems to hold values, not the names of columns.",
        "在第一行写上列名，例如：code,address,lon,lat。",
        "Write the names of the columns into the first line, such as code,address,lon,lat.",
    ),
    "headings_taken": warning(
        "前 {count} 行是标题或合并的表头，列名为：{columns}。",
        "The first {count} rows are a title or merged headings; the columns are: {columns}.",
    ),
    "no_geometry": error(
        "{file} 里没有坐标：需要经纬度列、x/y 列或 WKT 列。",
        "{file} has no coordinates: it needs lon/lat, x/y or WKT columns.",
    ),
    "column_not_found": error(
        "文件里没有列 {column}（要用作“{field_zh}”），只有：{columns}。",
        "The file has no column {column} (asked for as {field_en}); it has: {columns}.",
    ),
    "field_unknown": error(
        "图层 {layer} 没有字段 {field}，可用的是：{fields}。",
        "Layer {layer} has no field {field}; it has: {fields}.",
    ),
    "field_without_column": error(
        "文件里找不到必需的“{field_zh}”列；可以用“字段=列名”指定。",
        "The file has no column for {field_en}, which is required; name it as field=column.",
    ),
    "ambiguous_column": warning(
        "“{field_zh}”有多个可能的列（{columns}），用了 {column}。",
        "Several columns could be {field_en} ({columns}); {column} was used.",
    ),
    "personal_column_dropped": warning(
        "列 {column} 含个人信息，已丢弃，不会保存。",
        "Column {column} holds personal data; it was dropped and is not stored.",
    ),
    "personal_value_removed": warning(
        "“{field_zh}”里的证件号或电话号码已删除，不会保存。",
        "An identity or phone number in {field_en} was removed and is not stored.",
    ),
    "crs_missing": error(
        "文件没有说明坐标系，请指定。{hint_zh}",
        "The file does not say its coordinate system; name it. {hint_en}",
    ),
    "crs_found": warning(
        "文件没有说明坐标系，按 {crs} 读取：{share}% 的点落在各自的村里，按 {other} 只有 "
        "{other_share}%。",
        "The file does not say its coordinate system; it was read as {crs}: {share} % of the "
        "points lie in their own village, as {other} only {other_share} %.",
        "如果不对，请指定坐标系。",
        "If that is wrong, name the coordinate system.",
    ),
    "crs_contradicts_coordinates": error(
        "坐标系 {crs} 与坐标数值不符（例如 {example}）。{hint_zh}",
        "The coordinate system {crs} contradicts the numbers (such as {example}). {hint_en}",
    ),
    "crs_overridden": warning(
        "文件标明坐标系 {file_crs}，已按指定的 {crs} 读取。",
        "The file says {file_crs}; it was read as {crs}, as asked.",
    ),
    "broken_row": error(
        "这一行读不出来（应有 {expected} 列，实有 {found} 列）。",
        "The row cannot be read (it should have {expected} columns and has {found}).",
    ),
    "broken_line": error(
        "这一行不是合法的 GeoJSON 要素。", "The line is not a valid GeoJSON feature."
    ),
    "broken_feature": error(
        "这一项不是合法的 GeoJSON 要素。", "The item is not a valid GeoJSON feature."
    ),
    "missing_value": error("缺少“{field_zh}”。", "There is no {field_en}."),
    "count_not_number": error(
        "“{field_zh}”应是整数，不是“{value}”。", "{field_en} must be a whole number, not “{value}”."
    ),
    "count_not_whole": error(
        "“{field_zh}”应是整数，不能是小数 {value}。",
        "{field_en} must be a whole number, not the fraction {value}.",
    ),
    "count_negative": error(
        "“{field_zh}”不能是负数 {value}。", "{field_en} must not be negative ({value})."
    ),
    "count_too_large": error(
        "“{field_zh}”的数值 {value} 过大。", "{field_en} is too large ({value})."
    ),
    "number_not_valid": error(
        "“{field_zh}”应是非负数，不是“{value}”。",
        "{field_en} must be a number that is not negative, not “{value}”.",
    ),
    "code_digits_lost": error(
        "“{field_zh}”的值 {value} 是科学计数法或超长数值，原来的数字已丢失；请把该列存为文本。",
        "{field_en} is {value}: a scientific or overlong number has lost digits; keep it as text.",
    ),
    "text_not_valid": error(
        "“{field_zh}”里有不是文字的字符（控制符）。",
        "{field_en} holds characters that are no text (control characters).",
        "删去这些字符，或确认文字编码是否选对。",
        "Delete these characters, or check whether the text encoding is right.",
    ),
    "choice_unknown": error(
        "“{field_zh}”不能是“{value}”，可用的是：{choices}。",
        "{field_en} cannot be “{value}”; it is one of: {choices}.",
    ),
    "counts_not_valid": error(
        "“{field_zh}”应写成“名称:人数;名称:人数”，不是“{value}”。",
        "{field_en} must be written as name:count;name:count, not “{value}”.",
    ),
    "date_not_valid": error(
        "“{field_zh}”不是日期：“{value}”。", "{field_en} is not a date: “{value}”."
    ),
    "date_in_future": error(
        "“{field_zh}”{value} 在将来；将来的界线请用方案管理。",
        "{field_en} {value} lies in the future; keep future lines in a plan.",
    ),
    "empty_geometry": error("没有坐标或图形为空。", "The coordinates or the shape are missing."),
    "coordinates_not_numbers": error(
        "坐标不是数字：“{x}”，“{y}”。", "The coordinates are not numbers: “{x}”, “{y}”."
    ),
    "coordinates_not_finite": error("坐标里有 NaN 或无穷大。", "A coordinate is NaN or infinite."),
    "coordinates_out_of_range": error(
        "坐标 {x}, {y} 超出范围。", "The coordinates {x}, {y} are out of range."
    ),
    "swapped_coordinates": error(
        "经纬度颠倒了：{x}, {y}。", "Longitude and latitude are swapped: {x}, {y}."
    ),
    "wrong_geometry_type": error(
        "图形类型应是{expected_zh}，不是 {found}。",
        "The shape must be a {expected_en}, not {found}.",
    ),
    "unreadable_geometry": error(
        "图形读不出来（环未闭合、点数不足或含圆弧）。",
        "The shape cannot be read (a ring is open, has too few points, or there are arcs).",
    ),
    "self_intersection": error(
        "多边形在 {x}, {y} 处自相交或环有误：{reason}。",
        "The polygon crosses itself or has a wrong ring at {x}, {y}: {reason}.",
    ),
    "polygons_as_points": warning(
        "{file} 里有 {count} 个面，各按面内的一点计算。",
        "{file} holds {count} polygons; a point within each stands for it.",
    ),
    "classes_assumed": warning(
        "{file} 有 {count} 条道路没有等级，按一般道路(unclassified)计算。",
        "{file} has {count} roads without a class; they are taken as unclassified.",
        "增加“道路等级”一列，例如 OpenStreetMap 的 highway 值。",
        "Add a column road_class, such as OpenStreetMap's values of highway.",
    ),
    "capacity_unknown": warning(
        "有 {count} 个中心没有填“{field_zh}”，按不限计算。",
        "{count} {count:center has/centers have} no value for {field_en}; it is taken as "
        "unlimited.",
        "补上这一列；写 0 表示不接待。",
        "Fill the column; 0 means that the center takes nobody.",
    ),
    "z_dropped": warning(
        "{count} 行有高程值，已去掉。",
        "{count} {count:row has/rows have} heights; these were dropped.",
    ),
    "outside_county": warning("位置在县界之外。", "The place lies outside the county."),
    "village_unknown": warning(
        "库里没有村 {village_code}。", "There is no village {village_code} in the store."
    ),
    "village_without_outline": warning(
        "{count} 个村没有边界图形（{codes}），未检查网格是否铺满、是否越界。",
        "{count} {count:village has/villages have} no outline ({codes}): whether the grids fill "
        "it and stay inside was not checked.",
        "导入带图形的村界后再检查一次；地址和网格查询不受影响。",
        "Import the villages with their shapes and check again; addresses and lookups work "
        "without.",
    ),
    "address_missing": warning("没有地址。", "There is no address."),
    "address_too_long": warning("地址太长，读不了。", "The address is too long to be read."),
    "address_without_number": warning(
        "地址里没有门牌号，按地址只能找到所在的组或村。",
        "The address has no house number; it is found by its group or village only.",
    ),
    "address_two_numbers": warning(
        "地址里有两个不同的号，不知道哪个是门牌号。",
        "The address has two different numbers; which is the house's nobody can tell.",
    ),
    "address_other_place": warning(
        "地址写的村或乡镇与所属村编码不一致。",
        "The address names another village or township than the village code.",
        "核对地址和所属村编码。",
        "Check the address and the village code.",
    ),
    "address_without_village": warning(
        "既没有所属村编码，地址里也看不出是哪个村。",
        "There is no village code, and the address does not say one village.",
    ),
    "address_unread": warning("地址读不出来。", "The address cannot be read."),
    "place_unknown": warning(
        "库里没有编码为 {code} 的区划或自然村，这个名称先存着。",
        "There is no division or natural village {code} in the store; the name is kept for it.",
    ),
    "alias_dates_reversed": error(
        "名称的停用日期 {to} 不晚于启用日期 {start}。",
        "The name ends on {to}, which is not after {start}, when it begins.",
    ),
    "division_named_twice": warning(
        "区划 {code} 在文件里有不同的名称，用了“{name}”，另有 {count} 行不同。",
        "Division {code} has different names in the file; “{name}” is used, {count} "
        "{count:row says/rows say} otherwise.",
    ),
    "tile_out_of_range": error(
        "没有瓦片 {z}/{x}/{y}：级别为 0–22。", "There is no tile {z}/{x}/{y}: zooms are 0 to 22."
    ),
}
