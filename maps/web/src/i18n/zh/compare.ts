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
} as const;
