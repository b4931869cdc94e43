-- Pairs of products in the same basket (order or customer: $basket). lift = P(AB) / (P(A) P(B)).
with bought as (
  select distinct v.$basket as basket, l.product
  from order_lines l
  join order_values v on v.order_number = l.order_number
  where v.is_purchase and l.quantity > 0
),
baskets as (
  select count(distinct basket) as n from bought
),
single as (
  select product, count(*) as n from bought group by product
),
pairs as (
  select a.product as product_a, b.product as product_b, count(*) as n
  from bought a
  join bought b on a.basket = b.basket and a.product < b.product
  group by a.product, b.product
  having count(*) >= $minimum_support
)
select
  pairs.product_a,
  pairs.product_b,
  pairs.n as together,
  sa.n as count_a,
  sb.n as count_b,
  baskets.n as baskets,
  cast(pairs.n as double) * baskets.n / (cast(sa.n as double) * sb.n) as lift
from pairs
join single sa on sa.product = pairs.product_a
join single sb on sb.product = pairs.product_b
cross join baskets
order by lift desc, together desc, product_a, product_b
