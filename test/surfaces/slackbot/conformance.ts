// What of the protocol's conformance suite (0.2.0-alpha.12) is about a server that has tools alone, and what is not, and why. A
// scenario in neither list fails the test: a later suite may ask for more.

/** The newest revision of each era, and the one that Slack's documentation shows. */
export const revisions = ['2025-06-18', '2025-11-25', '2026-07-28'] as const

/** The scenarios that the door must pass, each with those of its checks that cannot be made here, and why. */
export const applies: Record<string, Record<string, string>> = {
  'server-initialize': {},
  'server-session-lifecycle': {},
  'server-stateless': {
    'sep-2575-server-rejects-undeclared-capability': 'calls a tool of the suite’s own server; no tool here asks the client for anything',
    'sep-2575-missing-capability-http-400': 'the same tool',
    'sep-2575-http-server-no-independent-requests-on-stream': 'calls a tool of the suite’s own server; no answer here is a stream',
    'sep-2575-server-no-log-without-loglevel': 'calls a tool of the suite’s own server; nothing is logged to the client',
  },
  ping: {},
  'tools-list': {},
  'dns-rebinding-protection': {},
  caching: {
    'sep-2549-prompts-list-caching-hints': 'there are no prompts',
    'sep-2549-resources-list-caching-hints': 'there are no resources',
    'sep-2549-resources-templates-list-caching-hints': 'there are no resources',
  },
  'http-header-validation': {},
  'server-sse-multiple-streams': { 'server-sse-multiple-streams-session': 'there are no sessions' },
  'sep-2164-resource-not-found': {
    'sep-2164-error-code': 'there are no resources, so the method is unknown',
    'sep-2164-data-uri': 'the same',
  },
  'input-required-result-unsupported-methods': {},
  'input-required-result-validate-input': {},
}

const noFixture = 'needs a tool, a prompt or a resource of the suite’s own server'
const noLogs = 'nothing is logged to the client'
const neverAsks = 'no tool asks the client for input: only a press in Slack decides'
const noPrompts = 'there are no prompts'
const noResources = 'there are no resources'
const noTasks = 'an extension that is not offered: a call is answered within 20 seconds'
const noSkills = 'an extension that is not offered'
const noStream = 'no answer is a stream that could be resumed'

/** The scenarios that are about something else, and why. */
export const others: Record<string, string> = {
  'logging-set-level': noLogs,
  'completion-complete': 'no completion is offered',
  'tools-call-simple-text': noFixture,
  'tools-call-image': noFixture,
  'tools-call-audio': noFixture,
  'tools-call-embedded-resource': noFixture,
  'tools-call-mixed-content': noFixture,
  'tools-call-with-logging': noLogs,
  'tools-call-error': noFixture,
  'tools-call-with-progress': noFixture,
  'tools-call-sampling': neverAsks,
  'tools-call-elicitation': neverAsks,
  'json-schema-2020-12': noFixture,
  'elicitation-sep1034-defaults': neverAsks,
  'elicitation-sep1330-enums': neverAsks,
  'server-sse-polling': noStream,
  'resources-list': noResources,
  'resources-read-text': noResources,
  'resources-read-binary': noResources,
  'resources-templates-read': noResources,
  'resources-subscribe': noResources,
  'resources-unsubscribe': noResources,
  'sep-2640-skills-directory': noSkills,
  'sep-2640-skills-enumeration': noSkills,
  'sep-2640-skills-manifest': noSkills,
  'prompts-list': noPrompts,
  'prompts-get-simple': noPrompts,
  'prompts-get-with-args': noPrompts,
  'prompts-get-embedded-resource': noPrompts,
  'prompts-get-with-image': noPrompts,
  'http-custom-header-server-validation': 'no tool takes an argument from a header (x-mcp-header)',
  'tasks-lifecycle': noTasks,
  'tasks-capability-negotiation': noTasks,
  'tasks-wire-fields': noTasks,
  'tasks-request-state-removal': noTasks,
  'tasks-mrtr-input': noTasks,
  'tasks-request-headers': noTasks,
  'tasks-dispatch-and-envelope': noTasks,
  'tasks-status-notifications': noTasks,
  'tasks-required-task-error': noTasks,
  'tasks-mrtr-composition': noTasks,
  'input-required-result-basic-elicitation': neverAsks,
  'input-required-result-basic-sampling': neverAsks,
  'input-required-result-basic-list-roots': neverAsks,
  'input-required-result-request-state': neverAsks,
  'input-required-result-multiple-input-requests': neverAsks,
  'input-required-result-multi-round': neverAsks,
  'input-required-result-missing-input-response': neverAsks,
  'input-required-result-non-tool-request': neverAsks,
  'input-required-result-result-type': neverAsks,
  'input-required-result-tampered-state': neverAsks,
  'input-required-result-capability-check': neverAsks,
  'input-required-result-ignore-extra-params': neverAsks,
}
