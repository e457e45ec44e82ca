import { useState } from 'react'
import { get } from './control.ts'
import { Icon } from './icon.tsx'
import type { SharedFile } from './types.ts'
import { say } from './words.ts'

interface Stored extends SharedFile {
  content?: string
}

/** The files of a message: name, link, and a preview of text files. */
export function Files({ files, user }: { files: SharedFile[]; user: string }) {
  return (
    <ul className="files">
      {files.map((file) => (
        <FileCard key={file.id} file={file} user={user} />
      ))}
    </ul>
  )
}

function FileCard({ file: { id, name, title, size }, user }: { file: SharedFile; user: string }) {
  const [text, setText] = useState<string>()
  const look = async () => {
    if (text !== undefined) return setText(undefined)
    const { files } = await get<{ files: Stored[] }>(`files?user=${user}`).catch(() => ({ files: [] }))
    setText(files.find((one) => one.id === id)?.content ?? say('It cannot be shown here. Download it.'))
  }
  return (
    <li className="file">
      <span className="file-name">
        <Icon name="file" />
        {title ?? name ?? id}
      </span>
      {size !== undefined && <small>{size < 2000 ? `${size} bytes` : `${Math.round(size / 1000)} kB`}</small>}
      <button type="button" className="button small" aria-expanded={text !== undefined} onClick={() => void look()}>
        {text === undefined ? say('Preview') : say('Hide')}
      </button>
      <a className="button small" href={`/slack-sim/files/download/${id}`} download={name}>
        {say('Download')}
      </a>
      {text !== undefined && <pre tabIndex={0}>{text}</pre>}
    </li>
  )
}
