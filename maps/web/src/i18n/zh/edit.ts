/** 修改的种类，以及各工具在面板里的字句。 */
export const edit = {
  "edit.split": "拆分预览",
  "edit.merge": "合并预览",
  "edit.reshape": "改边界预览",
  "edit.transfer": "划转预览",
  "edit.assign": "归属预览",
  "edit.move_vertex": "移动节点预览",
  "edit.fill_gap": "补空白预览",
  "edit.resolve_overlap": "消重叠预览",
  "edit.clip_to_village": "裁到村界预览",
  "edit.match_borders": "匹配边界预览",
  "edit.set_attributes": "改属性预览",
  "edit.renumber": "重新编号预览",
  "edit.lock": "锁定预览",
  "edit.unlock": "解锁预览",
} as const;
