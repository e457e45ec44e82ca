import project from '../../package.json' with { type: 'json' }

/** The release of Quaymaster that runs, such as `0.2.0`. */
export const { version } = project
