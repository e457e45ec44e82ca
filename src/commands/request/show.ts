import { z } from 'zod'
import { eligibilityOf, parseStoredCommand } from '../../approvals/approvers.ts'
import { requestMessage } from '../../approvals/card.ts'
import type { Audience } from '../../approvals/card-buttons.ts'
import { findRequestBegun, isRequester } from '../../approvals/request.ts'
import { storyOf } from '../../approvals/story.ts'
import { followersOf } from '../../approvals/talk/follow.ts'
import { wayOf } from '../../approvals/way.ts'
import { command } from '../../command/command.ts'
import { Failure } from '../../core/failure.ts'

export default command({
  summary: 'Show a request',
  help: 'Only the requester and people who can approve it can see it.',
  input: z.strictObject({
    request: z
      .string()
      .trim()
      .toLowerCase()
      .min(1)
      .max(20)
      .meta({ title: 'Request ID', identifies: 'request' })
      .describe('Request ID shown on the card'),
  }),
  examples: ['request show k7f3m2qxa'],
  aliases: [
    'who must approve',
    'who approves',
    'who can approve',
    'who has to approve',
    'approve',
    'deny',
    'reject',
    'decline',
    'decide',
    'accept',
    'review',
    'lgtm',
    'ok',
    'yes',
    '+1',
    'approved',
  ],
  permissions: 'anyone',
  private: true,
  run: async ({ bot, person, input }) => {
    const request = await findRequestBegun(bot.db, input.request, person)
    // To everybody else it is as if there were none.
    const isMine = await isRequester(bot, person, request)
    const isFollower = async () => (await followersOf(bot, request.id)).some((id) => id === person.id || id === person.one)
    let audience: Audience = isMine ? 'requester' : 'approver'
    if (!isMine)
      await eligibilityOf(bot, request, parseStoredCommand(bot, request), person.id).catch(async (error) => {
        if (!(error instanceof Failure) || error.code !== 'denied') throw error
        if (!(await isFollower())) throw new Failure('not_found', 'Request {id} not found.', { id: input.request })
        audience = 'reader'
      })
    // A closure may have made it a reader's, which the compiler does not see.
    return { request, story: await storyOf(bot, request), audience: audience as Audience }
  },
  view: ({ request, story, audience }, t) => {
    // A result may have been stored in between, as JSON.
    const expiresAt = new Date(request.expiresAt)
    const { text, blocks } = requestMessage({ ...request, expiresAt }, story, t, audience)
    // Who only follows it is shown no more than that it goes on.
    return { text, blocks: [...blocks.slice(0, 1), ...(audience === 'reader' ? [] : wayOf(request, story.votes, t)), ...blocks.slice(1)] }
  },
})
