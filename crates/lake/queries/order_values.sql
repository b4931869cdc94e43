-- Orders placed up to the as-of, with their value after every refund paid back up to the as-of.
-- margin and contribution are null where the cost of goods is not known.
with returns as (
  select order_number, sum(items) as items, sum(tax_and_shipping) as tax_and_shipping, sum(restocked_cost) as restocked_cost
  from order_adjustments
  where local_date <= $as_of
  group by order_number
)
select
  o.*,
  coalesce(r.items, 0) as returned,
  o.placed - coalesce(r.items, 0) as net,
  o.placed - coalesce(r.items, 0) + o.tax + o.shipping - coalesce(r.tax_and_shipping, 0) as total,
  o.placed - coalesce(r.items, 0) - (o.cost - coalesce(r.restocked_cost, 0)) as margin,
  o.placed - coalesce(r.items, 0) - (o.cost - coalesce(r.restocked_cost, 0)) + o.shipping
    - o.shipping_cost - o.payment_fee - o.packaging_cost as contribution,
  o.is_order and (o.placed - coalesce(r.items, 0) > 0 or not $has_amounts) as is_purchase
from orders o
left join returns r on r.order_number = o.order_number
where o.local_date <= $as_of
