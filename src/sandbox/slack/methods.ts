import { appMethods } from './methods/app.ts'
import { chatMethods } from './methods/chat.ts'
import { conversationMethods } from './methods/conversations.ts'
import { fileMethods } from './methods/files.ts'
import type { Method } from './methods/method.ts'
import { peopleMethods } from './methods/people.ts'
import { reactionMethods } from './methods/reactions.ts'
import { viewMethods } from './methods/views.ts'

export const methods: Record<string, Method | undefined> = {
  ...appMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...reactionMethods,
  ...viewMethods,
}
