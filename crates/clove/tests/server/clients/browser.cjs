// Segment's official client for browsers, unchanged, in a page of another origin: CLOVE_HOST, CLOVE_WRITE_KEY. Its requests go
// through jsdom's XMLHttpRequest, which asks for permission (CORS) as a browser does.
const { createRequire } = require('node:module')
const load = createRequire(`${process.env.CLOVE_SEGMENT_CLIENTS}/`)
const { JSDOM } = load('jsdom')

const page = new JSDOM('<!doctype html><title>Tea</title>', {
  url: 'http://shop.example/products/tea?utm_source=letter&utm_campaign=spring',
  referrer: 'http://search.example/',
  pretendToBeVisual: true,
})
for (const name of ['window', 'document', 'navigator', 'location', 'localStorage', 'screen', 'XMLHttpRequest', 'Element', 'Node']) {
  Object.defineProperty(globalThis, name, { value: name === 'window' ? page.window : page.window[name], configurable: true })
}
delete globalThis.fetch
const { AnalyticsBrowser } = load('@segment/analytics-next')

async function send(deliveryStrategy) {
  const writeKey = process.env.CLOVE_WRITE_KEY
  const own = { apiKey: writeKey, apiHost: `${new URL(process.env.CLOVE_HOST).host}/v1`, protocol: 'http', deliveryStrategy }
  const analytics = AnalyticsBrowser.load({ writeKey, cdnSettings: { integrations: { 'Segment.io': own } } }, { retryQueue: false })
  const failed = []
  const delivered = (context) => {
    if (context.failedDelivery()) failed.push(context.failedDelivery())
  }
  delivered(await analytics.page('Product'))
  delivered(await analytics.track('Product Viewed', { sku: 'TEA-1' }))
  delivered(await analytics.identify('701', { email: 'Bianca@Example.org' }))
  delivered(await analytics.track('Order Completed', { order_id: 'B-3001', currency: 'EUR', revenue: 12, products: [] }))
  if (failed.length > 0) {
    console.error('the client reports', failed)
    process.exit(1)
  }
}

async function story() {
  await send(undefined)
  await send({ strategy: 'batching', config: { size: 2, timeout: 200 } })
  await new Promise((done) => setTimeout(done, 1500))
  console.log('sent')
  process.exit(0)
}
story()
