// picomatch brings no types of its own; this much of it is used.
declare module 'picomatch' {
  export default function picomatch(globs: string[], options?: { dot?: boolean }): (text: string) => boolean
}
