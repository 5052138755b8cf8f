import type { Completed } from "./table.ts";

/** A script for PowerShell; without a match it completes files, as always. */
export function powershellCompletion(table: readonly Completed[]): string {
  const names = table.map(({ verb, names }) => `    '${verb}' = ${list(names)}`);
  const options = table.map(
    ({ verb, options }) => `    '${verb}' = ${list(options.map(({ flag }) => flag))}`,
  );
  const values = table.flatMap(({ verb, options }) =>
    options.flatMap(({ flag, values }) =>
      values === undefined ? [] : [`    '${verb}:${flag}' = ${list(values)}`],
    ),
  );
  return `Register-ArgumentCompleter -Native -CommandName ddpm -ScriptBlock {
  param($word, $ast, $cursor)
  $names = @{
${names.join("\n")}
  }
  $options = @{
${options.join("\n")}
  }
  $values = @{
${values.join("\n")}
  }
  $before = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
  $verbs = @($before | Select-Object -Skip 1 | Where-Object { $_ -notlike '-*' })
  $verb = "$($verbs | Select-Object -First 1)"
  if ($verb -in 'show', 'data') { $verb = ($verbs | Select-Object -First 2) -join ' ' }
  $key = "\${verb}:$($before[-1])"
  $found = if ($values.ContainsKey($key)) { $values[$key] } elseif ($word -like '-*') { $options[$verb] } else { $names[$verb] }
  $found | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`;
}

function list(words: readonly string[]): string {
  return `@(${words.map((word) => `'${word}'`).join(", ")})`;
}
