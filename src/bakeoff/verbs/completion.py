"""`bakeoff completion`: what a shell needs to complete commands with the TAB key."""

import argparse
import os
from functools import partial

from bakeoff.errors import BakeoffError

SHELLS = ("bash", "zsh", "fish")
INSTALL = {
    "bash": """_bakeoff() {
    local IFS=$'\\n'
    COMPREPLY=($(COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        "${COMP_WORDS[0]}" completion bash --query 2> /dev/null))
}
complete -o default -o nospace -F _bakeoff bakeoff""",
    "zsh": """(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
_bakeoff() {
    local line="${words[1,CURRENT-1]} $PREFIX" found
    local -a whole parts
    while IFS= read -r found; do
        [[ $found == *' ' ]] && whole+=("${found% }") || parts+=("$found")
    done < <(COMP_LINE="$line" COMP_POINT=$#line "${words[1]}" completion zsh --query 2> /dev/null)
    (( $#whole + $#parts )) || { _files; return }
    (( $#whole )) && compadd -a whole
    (( $#parts )) && compadd -S '' -a parts
}
compdef _bakeoff bakeoff""",
    "fish": """function __bakeoff_complete
    set -l line (commandline -cp)
    set -l program (commandline -po)[1]
    set -l found (COMP_LINE=$line COMP_POINT=(string length -- $line) \\
        $program completion fish --query 2> /dev/null)
    if set -q found[1]
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c bakeoff -e
complete -c bakeoff -f -a '(__bakeoff_complete)'""",
}
UNINSTALL = {
    "bash": "complete -r bakeoff; unset -f _bakeoff",
    "zsh": "compdef -d bakeoff; unfunction _bakeoff",
    "fish": "complete -c bakeoff -e; functions -e __bakeoff_complete",
}


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "completion", help='completion with TAB: eval "$(bakeoff completion bash)", or zsh, or fish'
    )
    parser.add_argument("shell", choices=SHELLS)
    parser.add_argument("--query", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(answer=partial(answer, verbs))


def answer(verbs: argparse._SubParsersAction, parsed: argparse.Namespace) -> None:
    """Print the lines that install it; with --query, what completes the line in $COMP_LINE."""
    if parsed.query:
        query(verbs, parsed.shell)
    else:
        print(INSTALL[parsed.shell])


def answer_hydra(verbs: argparse._SubParsersAction, words: list[str]) -> None:
    """What Hydra's own --shell-completion does: install=SHELL, uninstall=SHELL or query=SHELL."""
    action, _, shell = words[0].partition("=") if len(words) == 1 else ("", "", "")
    if action not in ("install", "uninstall", "query") or shell not in SHELLS:
        raise BakeoffError(
            f"--shell-completion {' '.join(words)}: expected install=SHELL or uninstall=SHELL, "
            f"where SHELL is {', '.join(SHELLS)}"
        )
    if action == "query":
        query(verbs, shell)
    else:
        print((INSTALL if action == "install" else UNINSTALL)[shell])


def query(verbs: argparse._SubParsersAction, shell: str) -> None:
    """Print a line for each way to go on from $COMP_LINE, up to the cursor at $COMP_POINT.

    In bash and zsh a blank ends what is whole. Bash puts a line in the place of what follows the last of
    its word breaks, which are in $COMP_WORDBREAKS. Fish shows what stands behind a tabulator.
    """
    from bakeoff.verbs.candidates import candidates

    line = os.environ.get("COMP_LINE", "")
    line = line[: int(os.environ.get("COMP_POINT") or len(line))]
    breaks = [mark for mark in "=:@" if mark in os.environ.get("COMP_WORDBREAKS", "")]
    for text, said in candidates(line, verbs):
        if shell == "fish":
            print(text.rstrip() + (f"\t{said}" if said else ""))
        elif shell == "bash":
            word = line.rpartition(" ")[2]
            kept = max((word.rfind(mark) for mark in breaks), default=-1) + 1
            print(text[kept:])
        else:
            print(text)
