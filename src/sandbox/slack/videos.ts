import { requireScope } from './access.ts'
import { type Fields, listOf, textOf } from './json.ts'
import { isWatched } from './manifest.ts'
import { type Problem, semantic } from './rules.ts'
import type { Slack } from './simulation.ts'

interface Placed {
  block: Fields
  at: string
}

/** The videos that this app may not show: they need the scope, and a domain of the app (docs/slack.md §1.3). */
export function foreignVideos(slack: Slack, blocks: Fields[], at: string): Problem[] {
  const videos = placed(blocks, at).filter(({ block }) => block.type === 'video')
  if (videos.length > 0) requireScope(slack, ['links.embed:write'])
  return videos
    .filter(({ block }) => !isWatched(slack.manifest, URL.parse(textOf(block.video_url))?.hostname ?? ''))
    .map((video) => semantic('Video validation failed: Domain is not a valid unfurl domain claimed by your app', video.at))
}

/** All blocks with their pointers, including nested ones. */
function placed(blocks: Fields[], at: string): Placed[] {
  return blocks.flatMap((block, index) => [
    { block, at: `${at}/${index}` },
    ...placed(listOf(block.child_blocks), `${at}/${index}/child_blocks`),
  ])
}
