/** 比较与日期的字句。 */
export const compare = {} as const;
