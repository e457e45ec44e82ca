// What Quay's own Slack method posts: the event in a sentence, no machine-readable part (recorded/webhook-realevent-slack-repo_push).

const summaries: Record<string, (repository: string, body: Record<string, unknown>) => string> = {
  repo_push: (repository) => `Repository ${repository} updated`,
  build_queued: (repository, body) => `Build queued for repository ${repository} [${short(body)}]`,
  build_start: (repository, body) => `Build started for repository ${repository} [${short(body)}]`,
  build_success: (repository, body) => `Build succeeded for repository ${repository} [${short(body)}]`,
  build_failure: (repository, body) => `Build failure for repository ${repository} [${short(body)}]`,
  build_cancelled: (repository, body) => `Build cancelled for repository ${repository} [${short(body)}]`,
  vulnerability_found: (repository) => `Vulnerability detected in repository ${repository}`,
  repo_image_expiry: (repository) => `Repository ${repository} image(s) expiring`,
}

const short = (body: Record<string, unknown>) => String(body.build_id).slice(0, 7)
const colors: Record<string, string> = { build_failure: 'danger', build_success: 'good', repo_push: 'good', vulnerability_found: 'warning' }

export function slackBody(event: string, body: Record<string, unknown>) {
  const repository = String(body.repository)
  const text = summaries[event]?.(repository, body) ?? `Repository Mirror: ${String(body.message)}`
  const attachment = {
    fallback: text,
    text: `<${String(body.homepage)}|${repository}>`,
    color: colors[event] ?? '#ffffff',
    mrkdwn_in: ['text'],
  }
  return { text, username: 'quayiobot', attachments: [attachment] }
}
