@rem `exec` of `npm start` for cmd.exe, which has none: POSIX shells hand their process over to Node, so that signals reach it.
@%*
