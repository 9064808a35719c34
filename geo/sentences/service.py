"""Sentences about the database server, maps and requests, in the order in which they come up."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error, warning

SENTENCES: dict[str, Sentence] = {
    # the database server
    "postgres_missing": error(
        "没有找到 PostgreSQL {minimum} 或更高版本。{advice_zh}",
        "PostgreSQL {minimum} or newer was not found. {advice_en}",
    ),
    "postgis_missing": error(
        "PostgreSQL {major}（{place}）没有 PostGIS。{advice_zh}",
        "PostgreSQL {major} ({place}) has no PostGIS. {advice_en}",
    ),
    "postgres_major_missing": error(
        "{place} 中的数据属于 PostgreSQL {major}，但本机没有该版本；请安装它，或换一个数据目录。",
        "The data in {place} belongs to PostgreSQL {major}, which is not installed: "
        "install it, or use another data folder.",
    ),
    "postgres_account_missing": error(
        "以 root 运行时需要系统账户 postgres，但它不存在。",
        "Running as root needs the system account postgres, which does not exist.",
    ),
    "home_unreachable": error(
        "账户 {account} 无法进入数据目录 {place}；请用 WANGGE_HOME 换一个目录。",
        "Account {account} cannot enter the data folder {place}; choose another with WANGGE_HOME.",
    ),
    "home_not_writable": error(
        "无法写入数据目录 {place}：{reason}。请用 WANGGE_HOME 换一个目录。",
        "The data folder {place} cannot be written: {reason}. Choose another with WANGGE_HOME.",
    ),
    "cluster_disk_full": error(
        "磁盘已满，数据库无法运行（{place}）：{log}",
        "The disk is full, the database cannot run ({place}): {log}",
    ),
    "cluster_create_failed": error(
        "无法创建数据库（{place}）：{log}", "The database could not be created ({place}): {log}"
    ),
    "cluster_start_failed": error(
        "数据库未能启动（{place}）：{log}", "The database did not start ({place}): {log}"
    ),
    "cluster_stop_failed": error(
        "数据库未能停止（{place}）：{log}", "The database did not stop ({place}): {log}"
    ),
    "cluster_in_use": error(
        "数据库正在被其他程序使用；先关闭那些程序，或强制停止。",
        "The database is in use by another program: end that first, or stop it by force.",
    ),
    "database_url_invalid": error(
        "DATABASE_URL 不是有效的 PostgreSQL 地址：{reason}。",
        "DATABASE_URL is not the address of a PostgreSQL server: {reason}.",
    ),
    "database_too_old": error(
        "数据库软件 {software} {found} 太旧，至少需要 {minimum}。",
        "{software} {found} of the database is too old; {minimum} is the least.",
    ),
    "database_too_new": error(
        "数据库由更新版本的 Wangge 写成（{found}），请升级程序。",
        "The database was written by a newer Wangge ({found}): update the program.",
    ),
    "database_encoding": error(
        "数据库的编码或区域设置是 {found}，中文检索无法工作；请用 UTF-8 和 C.UTF-8 重建。",
        "Encoding or locale of the database is {found}, in which Chinese text cannot be searched: "
        "create it anew with UTF-8 and C.UTF-8.",
    ),
    "extension_missing": error(
        "数据库缺少扩展 {extension}；请管理员安装后执行 CREATE EXTENSION {extension}。",
        "The database lacks the extension {extension}: ask its administrator to install it and "
        "run CREATE EXTENSION {extension}.",
    ),
    "database_unreachable": error(
        "连不上数据库服务器 {host}：{reason}。请检查 DATABASE_URL，并确认服务器正在运行。",
        "The database server {host} cannot be reached: {reason}. Check DATABASE_URL, and that the "
        "server is running.",
    ),
    "database_host_unknown": error(
        "找不到数据库服务器 {host}；请检查 DATABASE_URL 中的主机名。",
        "There is no host {host}: check the name of the server in DATABASE_URL.",
    ),
    "database_login_refused": error(
        "数据库服务器 {host} 不接受用户 {user}；请检查 DATABASE_URL 中的用户名和密码（{reason}）。",
        "The database server {host} does not let {user} in: check user and password in "
        "DATABASE_URL ({reason}).",
    ),
    "database_missing": error(
        "服务器 {host} 上没有数据库 {database}；请先创建，或检查 DATABASE_URL。",
        "There is no database {database} on {host}: create it, or check DATABASE_URL.",
    ),
    "database_not_permitted": error(
        "数据库账户权限不足，什么也没有保存：{reason}。请管理员授予该账户建表和读写的权限。",
        "The account of the database lacks a right; nothing was stored: {reason}. Ask its "
        "administrator for the right to create tables and to write to them.",
    ),
    # maps
    "web_map_not_built": error(
        "网页地图尚未构建：请运行 ./run demo（需要 Node.js 与网络各一次）。",
        "The web map has not been built: run ./run demo (it needs Node.js and the network once).",
    ),
    # asking the service
    "invalid_parameter": error(
        "参数 {parameter} 无效：{reason_zh}。", "Parameter {parameter} is not valid: {reason}."
    ),
    "unknown_parameter": error(
        "没有名为 {parameter} 的参数。", "There is no parameter {parameter}."
    ),
    "plan_with_date": error(
        "plan 与 date 不能同时使用：草案只有当前的界线。",
        "plan and date cannot be asked together: a draft has no lines but those of now.",
        "只写其中一个参数。",
        "Leave one of the two out.",
    ),
    "plan_without_lines": error(
        "图层 {layer} 没有草案：方案只改网格。",
        "There is no draft of layer {layer}: plans change grids only.",
        "去掉 plan 参数。",
        "Leave the parameter plan out.",
    ),
    "invalid_body": error(
        "请求内容无效（{place}）：{reason_zh}。", "The request is not valid ({place}): {reason}."
    ),
    "invalid_point": error(
        "第 {index} 个点无效：{reason}。", "Point {index} (counted from 0) is not valid: {reason}."
    ),
    "too_many_points": error(
        "一次最多查询 {limit} 个点。", "At most {limit} points can be asked for at once."
    ),
    "not_found": error("没有找到{what_zh} {id}。", "There is no {what} {id}."),
    "no_such_address": error("没有这个网址：{path}。", "There is nothing at {path}."),
    "method_not_allowed": error("{path} 不支持 {method}。", "{method} is not possible at {path}."),
    "unsupported_media_type": error(
        "不支持这种内容：{content_type}。", "Content of this kind is not supported: {content_type}."
    ),
    "too_large": error(
        "内容过大，上限为 {limit_mb} MB。", "This is too large; the limit is {limit_mb} MB."
    ),
    "foreign_host": error(
        "只接受发往本机的请求，不接受 {host}。",
        "Only requests to this machine are answered, not to {host}.",
        "本机的其他名称或地址要写进 WANGGE_ALLOWED_HOSTS。",
        "List further names and addresses of this machine in WANGGE_ALLOWED_HOSTS.",
    ),
    "foreign_origin": error(
        "不接受来自其他网站的请求：{origin}。", "Requests from another site are refused: {origin}."
    ),
    "api_key_needed": error(
        "其他系统查询时须带接口密钥（请求头 X-API-Key 或 Authorization: Bearer）。",
        "Other systems need an API key, in the header X-API-Key or as Authorization: Bearer.",
        "在服务器上用 wangge keys add 新建密钥；写在网址里的密钥不予接受。",
        "Make one on the server: wangge keys add. A key in the address is not accepted.",
    ),
    "api_key_unknown": error(
        "接口密钥不存在或已停用。",
        "There is no such API key, or it has been revoked.",
        "新建的密钥 5 秒后生效；wangge keys list 列出现有的密钥。",
        "A new key counts after 5 seconds; wangge keys list names those there are.",
    ),
    "api_key_only_reads": error(
        "其他系统只能查询地址和网格，不能使用 {method} {path}。",
        "Other systems may only look up addresses and grids; {method} {path} is not for them.",
    ),
    "api_key_name_taken": error(
        "已有名为 {name} 的接口密钥。",
        "There already is an API key named {name}.",
        "换一个名称，或先停用原来的密钥。",
        "Choose another name, or revoke that key first.",
    ),
    "forbidden_scope": error("您无权查看 {scope} 的数据。", "You may not see the data of {scope}."),
    "database_unavailable": error(
        "数据库暂时不可用，请稍后再试。", "The database cannot be reached; try again in a moment."
    ),
    "disk_full": error("磁盘已满，没有保存任何内容。", "The disk is full; nothing was stored."),
    "busy": error("请求太多，请稍后再试。", "Too much is going on; try again in a moment."),
    "service_stopping": error(
        "服务正在停止，请在它重新启动后再试。", "The service is stopping; try again once it runs."
    ),
    "internal_error": error(
        "服务内部出错，已记入日志。", "Something went wrong inside the service; it is in the log."
    ),
    "port_taken": error(
        "端口 {port} 已被占用，请用 --port 换一个。",
        "Port {port} is taken; choose another with --port.",
    ),
    "not_loopback": error(
        "目前没有登录功能，只能在本机地址上提供服务，不能用 {host}。",
        "There is no login yet, so only this machine can be served, not {host}.",
        "只让其他系统查询地址时，设置 WANGGE_OTHER_SYSTEMS=true。",
        "To let other systems look up addresses only, set WANGGE_OTHER_SYSTEMS=true.",
    ),
    "invalid_setting": error(
        "设置 {setting} 无效：{reason}。", "Setting {setting} is not valid: {reason}."
    ),
    "import_closed": error(
        "这次导入已{state}，不能再提交。",
        "This import is already {state} and cannot be committed.",
    ),
    "import_has_errors": error(
        "有 {count} 行有错误；请修改后重新上传，或选择跳过这些行。",
        "{count} {count:row has/rows have} errors; correct and upload again, or choose to skip "
        "these rows.",
    ),
    "replace_needs_all_rows": error(
        "整体替换时不能跳过有错的行：被跳过的行会使原有的内容停用。请先改正这 {count} 行。",
        "A replacing import cannot skip rows: what a skipped row stands for would be closed. "
        "Correct the {count} {count:row/rows} first.",
    ),
    "import_empty": error("没有可以导入的行。", "There is no row that can be imported."),
    "import_rows_gone": error(
        "待导入的数据已不在，请重新上传。", "The waiting rows are gone; upload the file again."
    ),
    "layer_empty": error(
        "图层 {layer} 里还没有数据，请先导入。", "Layer {layer} is empty; import it first."
    ),
    "terrain_too_large": error(
        "地形有 {cells:,} 个格子（格距 {cell_m:g} 米），最多 {limit:,} 个。",
        "The terrain has {cells:,} cells of {cell_m:g} m; {limit:,} is the most.",
        "重采样为格距 {wider_m:g} 米以上，或裁剪到县域范围。",
        "Resample it to cells of {wider_m:g} m or more, or clip it to the county.",
    ),
    "run_not_done": error(
        "这次分析还没有结果(状态：{state})。", "This run has no result yet (state: {state})."
    ),
    "run_over": error(
        "这次分析已经结束(状态：{state})，不能再取消。",
        "This run is over (state: {state}) and cannot be cancelled any more.",
    ),
    "run_not_over": error(
        "这次分析没有中断(状态：{state})，不用重新开始。",
        "This run was not interrupted (state: {state}); there is nothing to start again.",
    ),
    "run_crashed": error(
        "分析进程意外结束(代码 {status})，可能是内存不足。请缩小范围后重试。",
        "The process of the analysis ended unexpectedly (status {status}), perhaps for want of "
        "memory. Try again with a smaller scope.",
    ),
    "capacity_in_households": warning(
        "中心的服务能力按户登记，而这里按人计数，负荷不能直接比较。",
        "Capacities are registered in households, but people are counted: loads mean nothing.",
        "改按户数计数。",
        "Count households instead.",
    ),
    "supply_unknown": warning(
        "有 {count} 个中心没有 {column}，按不提供服务计。",
        "{count} {count:center has/centers have} no {column}, taken as offering nothing.",
    ),
    "import_declined": error("已取消，没有导入。", "Not imported, as you asked."),
    "self_check_failed": error(
        "自检未通过({what})：{found}", "The check of {what} failed: {found}"
    ),
    # roads
    "road_not_a_line": error(
        "道路 {code} 不是线：{found}。",
        "Road {code} is not a line but {found}.",
        "改为线，或删除这一行。",
        "Make it a line, or delete the row.",
    ),
    "road_without_length": error(
        "道路 {code} 的长度为零，没有使用。",
        "Road {code} has no length; it is not used.",
        "删除这一行，或重画这条路。",
        "Delete the row, or draw the road anew.",
    ),
    "road_oneway": warning(
        "道路 {code} 的通行方向“{value}”无法识别，按双向通行计算。",
        "The direction “{value}” of road {code} is not known; it is used both ways.",
        "写 both（双向）、forward（沿画线方向）或 backward（逆画线方向）。",
        "Write both, forward (as drawn) or backward (against it).",
    ),
    "road_speed": warning(
        "道路 {code} 的车速 {value} 无效，按道路等级的车速计算。",
        "The speed {value} of road {code} cannot be; that of its class is used.",
        "填写大于 0 的公里每小时数，或留空。",
        "Give kilometres an hour above 0, or leave it empty.",
    ),
    "roads_not_usable": warning(
        "没有可以通行的道路；文件中的道路等级：{classes}。",
        "There is no road that may be used; classes in the file: {classes}.",
        "核对道路等级是否为 OpenStreetMap 的 highway 值，或在规则集中给出这些等级的车速。",
        "Check that the classes are OpenStreetMap's values of highway, or give them speeds in the "
        "rule set.",
    ),
    "roads_in_pieces": warning(
        "道路分成互不连通的 {pieces} 片；最大一片之外有 {km:,.1f} 公里（共 {all:,.1f} 公里）。",
        "The roads are in {pieces} pieces that do not meet; {km:,.1f} km of {all:,.1f} km lie "
        "outside the largest.",
        "检查断开处是否缺少路段；端点相差很近时，可以调大接合距离后重新导入。",
        "Look for missing roads where they break off; where ends nearly touch, import again with "
        "a larger joining distance.",
    ),
    "roads_one_way_traps": warning(
        "由于单行，有 {traps} 个路口进得去出不来，{no_entry} 个路口出得来进不去。",
        "Because of one-way roads {traps} nodes can be entered but not left, and {no_entry} left "
        "but not entered.",
        "单行路在数据边缘被截断时属于正常；否则请核对通行方向。",
        "Usual where one-way roads are cut off at the edge of the file; else check directions.",
    ),
    "roads_cross_without_node": warning(
        "有 {count} 处道路相交而没有公共节点，也没有标明桥梁；计算时不在此处转弯。",
        "Roads cross at {count} places without a common node and without a bridge; nobody turns "
        "there.",
        "是立交则标明桥梁；是平交路口则在数据中补上节点。",
        "Mark the bridge, or add the node to the data where it is a junction.",
    ),
}
