import type { Completed } from "./table.ts";

/** A script for bash: names of verbs, options and values; files where there are none. */
export function bashCompletion(table: readonly Completed[]): string {
  return `_ddpm() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" verb="" names="" flags="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
${verbOf("COMP_WORDS[i]")}
  done
${namesOf(table)}
  case "$word" in -*) names="$flags" ;; esac
  COMPREPLY=($(compgen -W "$names" -- "$word"))
}
complete -o default -F _ddpm ddpm
`;
}

/** A script for zsh, with the same names. */
export function zshCompletion(table: readonly Completed[]): string {
  return `#compdef ddpm
_ddpm() {
  local word="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" verb="" names="" flags="" i
  for ((i = 2; i < CURRENT; i++)); do
${verbOf("words[i]")}
  done
${namesOf(table)}
  case "$word" in -*) names="$flags" ;; esac
  compadd -- \${=names} || _files
}
compdef _ddpm ddpm
`;
}

/** The first word that is no option, and the second after a group of verbs. */
function verbOf(word: string): string {
  return `    case "$verb:\${${word}}" in
      *:-*) ;;
      :*) verb="\${${word}}" ;;
      show:*|data:*) verb="$verb \${${word}}" ;;
    esac`;
}

function namesOf(table: readonly Completed[]): string {
  const verbs = table.map(
    ({ verb, names, options }) =>
      `    "${verb}") names="${names.join(" ")}"; flags="${options.map(({ flag }) => flag).join(" ")}" ;;`,
  );
  const values = table.flatMap(({ verb, options }) =>
    options.flatMap(({ flag, values }) =>
      values === undefined ? [] : [`    "${verb}:${flag}") names="${values.join(" ")}" ;;`],
    ),
  );
  return `  case "$verb" in
${verbs.join("\n")}
  esac
  case "$verb:$previous" in
${values.join("\n")}
  esac`;
}
