/** 比较与日期的字句。 */
export const compare = {
  "numbers.title": "方案数字",
  "numbers.range": "户数 最小–最大",
  "numbers.moved": "换网格的住户",
  "numbers.before": "虚线轮廓为调整前",

  "compare.open": "与现行对比",
  "compare.kind.added": "新增",
  "compare.kind.removed": "撤销",
  "compare.kind.changed": "调整",
  "compare.kind.renumbered": "改编号",
  "compare.kind.attributes": "改名称",

  "time.label": "网格线日期",
  "time.today": "今天",
  "time.back": "回到今天",
  "time.old": "{date} 的网格线，不是现行",
  "time.show": "查看 {date} 的网格线",
  "time.draft": "显示草案",
  "time.plan": "显示方案",
  "time.draftHint": "地图、表格和查询显示方案“{name}”的网格线；关闭方案后可选日期。",
} as const;
