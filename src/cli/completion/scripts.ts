/** The plugin's own file name, as kubectl wants it. */
export const BINARY = 'kubectl-image_updater'

/** What a shell reads to complete the plugin called by its own name. None of them evaluates a candidate. */
export const SCRIPTS: Readonly<Record<'bash' | 'fish' | 'powershell' | 'zsh', string>> = {
  bash: String.raw`# bash completion for kubectl-image_updater; load it with: source <(kubectl image-updater completion bash)
__kubectl_image_updater() {
  local line="\${COMP_LINE:0:COMP_POINT}" words current out directive value flag=""
  read -ra words <<<"$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  current="\${words[\${#words[@]}-1]}"
  out="$("\${words[0]}" __complete-own "\${words[@]:1}" 2>/dev/null)" || return
  directive="\${out##*:}"
  out="\${out%:*}"
  COMPREPLY=()
  # What readline takes for the word begins after the last = or :.
  local before="" breaks="\${COMP_WORDBREAKS//[^=:]/}"
  if [[ -n "$breaks" && "$current" == *["$breaks"]* ]]; then before="\${current%"\${current##*["$breaks"]}"}"; fi
  # Behind --flag= the values come alone.
  if [[ "$current" == -*=* ]]; then flag="\${current%%=*}="; fi
  current="\${current#"$flag"}"
  while IFS= read -r value; do
    value="\${value%%$'\t'*}"
    if [[ -n "$value" && "$value" == "$current"* ]]; then
      value="$flag$value"
      COMPREPLY+=("\${value#"$before"}")
    fi
  done <<<"$out"
  if ((directive & 2)); then compopt -o nospace 2>/dev/null; fi
  if ((directive & 32)); then compopt -o nosort 2>/dev/null; fi
  if ((directive & 16)) || { ! ((directive & 4)) && ((\${#COMPREPLY[@]} == 0)); }; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r value; do
      value="$flag$value"
      COMPREPLY+=("\${value#"$before"}")
    done < <(if ((directive & 16)); then compgen -d -- "$current"; else compgen -f -- "$current"; fi)
  fi
}
complete -F __kubectl_image_updater kubectl-image_updater
`.replaceAll('\\$', '$'),
  zsh: String.raw`#compdef kubectl-image_updater
# zsh completion for kubectl-image_updater; load it with: source <(kubectl image-updater completion zsh)
_kubectl_image_updater() {
  local out directive line value
  local -a values shown nospace unsorted lines
  out="$("\${words[1]}" __complete-own "\${(@)words[2,CURRENT]}" 2>/dev/null)" || return
  directive="\${out##*:}"
  # Behind --flag= the values come alone.
  if [[ "$PREFIX" == -*=* ]]; then compset -P 1 '*='; fi
  for line in "\${(@f)out%:*}"; do
    [[ -z "$line" ]] && continue
    value="\${line%%$'\t'*}"
    values+=("$value")
    if [[ "$line" == *$'\t'* ]]; then
      lines=(-l)
      shown+=("$value -- \${line#*$'\t'}")
    else
      shown+=("$value")
    fi
  done
  ((directive & 2)) && nospace=(-S '')
  ((directive & 32)) && unsorted=(-V kubectl-image_updater)
  if ((\${#values})); then
    compadd "\${lines[@]}" -d shown "\${nospace[@]}" "\${unsorted[@]}" -a values
  elif ((directive & 16)); then
    _files -/
  elif ! ((directive & 4)); then
    _files
  fi
}
if [[ "\${funcstack[1]}" == _kubectl_image_updater || "\${funcstack[1]}" == _kubectl-image_updater ]]; then
  _kubectl_image_updater "$@"
else
  compdef _kubectl_image_updater kubectl-image_updater
fi
`.replaceAll('\\$', '$'),
  fish: String.raw`# fish completion for kubectl-image_updater; load it with: kubectl image-updater completion fish | source
function __kubectl_image_updater
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l out ($words[1] __complete-own $words[2..-1] "$current" 2>/dev/null)
    test (count $out) -gt 0; or return
    set -l directive (string sub -s 2 -- $out[-1])
    set -e out[-1]
    # Behind --flag= the values come alone.
    set -l flag (string match -r -- '^-[^=]*=' "$current")
    if test (count $out) -gt 0
        printf '%s\n' "$flag"$out
        return
    end
    set current (string sub -s (math 1 + (string length -- "$flag")) -- "$current")
    if test (math "bitand($directive, 16)") -ne 0
        set out (__fish_complete_directories "$current")
    else if test (math "bitand($directive, 4)") -eq 0
        set out (__fish_complete_path "$current")
    end
    if test (count $out) -gt 0
        printf '%s\n' "$flag"$out
    end
end
complete -c kubectl-image_updater -f -k -a '(__kubectl_image_updater)'
`,
  powershell:
    String.raw`# PowerShell completion for kubectl-image_updater; load it with: kubectl image-updater completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'kubectl-image_updater', 'kubectl-image_updater.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $program = $words[0]
    $rest = @($words | Select-Object -Skip 1)
    # Behind --flag= the values come alone.
    $flag = if ($wordToComplete -match '^-[^=]*=') { $Matches[0] } else { '' }
    if ($wordToComplete -eq '') { $rest += '' }
    $PSNativeCommandArgumentPassing = 'Standard'
    $out = @(& $program __complete-own @rest 2>$null)
    $out | Where-Object { $_ -and -not $_.StartsWith(':') } | ForEach-Object {
        $value, $description = $_ -split "\`t", 2
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new("$flag$value", $value, 'ParameterValue', $description)
    }
}
`.replaceAll('\\`', '`'),
}
