-- The newest orders with their values.
select order_id, customer, local_date, cohort_month, age_days, exclusion, gross, discount, placed, returned, net, margin, is_order, is_purchase
from order_values
order by local_date desc, order_number desc
limit $rows
