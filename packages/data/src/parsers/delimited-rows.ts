/**
 * The rows of a text table, the first one too; blank lines are passed over. Between fields are commas,
 * or semicolons, tabs or bars where the first line has these and no comma.
 *
 * Source: RFC 4180.
 *
 * @param refuse called for quotes that do not fit
 */
export function delimitedRows(text: string, refuse: (what: string) => never): string[][] {
  const body = text.replace(/^\uFEFF/, "");
  const head = /^[^\r\n]*/.exec(body)![0];
  const mark = [",", ";", "\t", "|"].find((one) => head.includes(one)) ?? ",";
  const literal = `\\${mark}`;
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${literal}\\r\\n]*))(${literal}|\\r?\\n|$)`, "y");
  const rows: string[][] = [];
  let row: string[] = [];
  while (field.lastIndex < body.length) {
    const at = field.lastIndex;
    const [, quoted, bare = "", end] =
      field.exec(body) ?? refuse(`quotes that do not fit, from character ${at} on`);
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === mark) continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    if (end === "" && field.lastIndex >= body.length) break;
  }
  if (row.length > 0) rows.push([...row, ""]);
  return rows;
}
