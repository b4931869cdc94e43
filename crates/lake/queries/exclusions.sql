-- Orders that do not count, by reason.
select exclusion, count(*) as orders, sum(placed) as placed
from orders
where not is_order and local_date <= $as_of
group by exclusion
order by exclusion
