// Segment's official client for Node.js, unchanged, pointed at a server of ours: CLOVE_HOST, CLOVE_WRITE_KEY.
const { createRequire } = require('node:module')
const load = createRequire(`${process.env.CLOVE_SEGMENT_CLIENTS}/`)
const { Analytics } = load('@segment/analytics-node')

const analytics = new Analytics({ writeKey: process.env.CLOVE_WRITE_KEY, host: process.env.CLOVE_HOST, flushAt: 4 })
analytics.on('error', (error) => {
  console.error('the client reports', error)
  process.exitCode = 1
})

// Told by id, so that running this a second time is a repeated delivery.
const id = (part) => `node-story-${part}`
analytics.identify({
  messageId: id('identify'),
  userId: '501',
  traits: { email: 'Nora@Example.org', firstName: 'Nora', plan: 'gold' },
})
analytics.page({ messageId: id('page'), userId: '501', name: 'Home', properties: { path: '/' } })
analytics.screen({ messageId: id('screen'), userId: '501', name: 'Cart' })
analytics.group({ messageId: id('group'), userId: '501', groupId: 'acme', traits: { name: 'Acme' } })
analytics.alias({ messageId: id('alias'), userId: '501', previousId: 'visitor-9' })
analytics.track({ messageId: id('viewed'), anonymousId: 'visitor-9', event: 'Product Viewed', properties: { sku: 'TEA-1' } })
analytics.track({
  messageId: id('order'),
  userId: '501',
  event: 'Order Completed',
  properties: {
    order_id: 'N-1001',
    currency: 'EUR',
    revenue: 0.1 + 0.2 + 24.5,
    products: [{ product_id: 'p1', sku: 'TEA-1', price: 12.4, quantity: 2, name: 'Tè "verde"; =1+1' }],
  },
})
// Makes no sense: kept apart, and nobody else's messages suffer.
analytics.track({ messageId: id('senseless'), userId: '501', event: 'Order Completed', properties: { order_id: 'N-1002' } })

analytics.closeAndFlush({ timeout: 15000 }).then(() => console.log('sent'))
