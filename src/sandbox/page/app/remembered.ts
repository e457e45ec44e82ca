import { useEffect, useEffectEvent, useState } from 'react'

/** State that survives a reload and is shared by all windows of this browser. */
export function useRemembered<Value>(name: string, initial: Value): [Value, (next: Value | ((before: Value) => Value)) => void] {
  const [value, setValue] = useState<Value>(() => read(name, initial))
  const readAgain = useEffectEvent((key: string) => setValue(read(key, initial)))
  useEffect(() => {
    readAgain(name)
    const hear = (event: StorageEvent) => event.key === name && readAgain(name)
    window.addEventListener('storage', hear)
    return () => window.removeEventListener('storage', hear)
  }, [name])
  const change = (next: Value | ((before: Value) => Value)) => {
    const now = typeof next === 'function' ? (next as (before: Value) => Value)(read(name, initial)) : next // a Value is plain JSON, never a function
    localStorage.setItem(name, JSON.stringify(now))
    setValue(now)
  }
  return [value, change]
}

function read<Value>(name: string, initial: Value): Value {
  try {
    const text = localStorage.getItem(name)
    return text === null ? initial : (JSON.parse(text) as Value) // written above
  } catch {
    return initial
  }
}
