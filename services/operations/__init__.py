"""What operators of either service work with: alarms, and the audit of what they decided."""
