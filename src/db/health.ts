/** Whether a query answers soon. */
export async function isHealthy(query: Promise<unknown>) {
  const late = new Promise<false>((resolve) => setTimeout(resolve, 2_000, false).unref())
  return Promise.race([
    query.then(
      () => true,
      () => false,
    ),
    late,
  ])
}
