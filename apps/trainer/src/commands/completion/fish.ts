import type { Completed } from "./table.ts";

/** A script for fish, with the description of every option. */
export function fishCompletion(table: readonly Completed[]): string {
  const lines = table.flatMap(({ verb, names, options }) => {
    const start = `complete -c ddpm -n ${quoted(`__ddpm_at ${verb}`.trim())}`;
    return [
      ...(names.length > 0 ? [`${start} -a ${quoted(names.join(" "))}`] : []),
      ...options.map(({ flag, about, values }) => {
        const follows =
          values === undefined ? "" : values.length > 0 ? ` -x -a ${quoted(values.join(" "))}` : " -r";
        return `${start} -l ${flag.slice(2)}${follows} -d ${quoted(about)}`;
      }),
    ];
  });
  return `function __ddpm_at
  set -l verb
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and continue
    if test (count $verb) -eq 0; or begin; test (count $verb) -eq 1; and contains -- $verb[1] show data; end
      set -a verb $word
    end
  end
  test "$verb" = "$argv"
end
${lines.join("\n")}
`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
