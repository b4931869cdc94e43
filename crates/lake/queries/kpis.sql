-- The sums behind the key figures of all orders from $from to $until.
select
  count(*) as orders,
  count(distinct person) as customers,
  count(distinct case when identified then person end) as identified_customers,
  sum(gross) as gross,
  sum(discount) as discounts,
  sum(placed) as placed,
  sum(returned) as returns,
  sum(net) as net,
  sum(total) as total,
  sum(margin) as margin,
  sum(case when cost is not null then net else 0 end) as net_with_known_cost,
  sum(case when discount > 0 then 1 else 0 end) as discounted_orders,
  sum(case when returned > 0 then 1 else 0 end) as returned_orders
from order_values
where is_order and local_date between $from and $until
