import pg from 'pg'

// pg-boss takes all listeners off the connection that it listens on, and ends it then (12.38.0). Whatever PostgreSQL or the network
// still says on it, such as the end by a failover, would be an error that nobody handles, which ends the process.
const { removeAllListeners } = pg.Client.prototype

pg.Client.prototype.removeAllListeners = function (...given) {
  removeAllListeners.apply(this, given)
  // Connections in use report their errors by their statements.
  return this.on('error', () => undefined)
}
